package dev.kapal.cli;

/// Something that a person at the terminal can mend: one clear sentence, with the way out. Printed without a stack
/// trace.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Refusal(String sentence) {
        super(sentence);
    }
}
