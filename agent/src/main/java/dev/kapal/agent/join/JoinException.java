package dev.kapal.agent.join;

/// Why a machine cannot join: one sentence for the person at the terminal, with the way out.
public final class JoinException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JoinException(String sentence) {
        super(sentence);
    }
}
