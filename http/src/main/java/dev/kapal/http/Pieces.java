package dev.kapal.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// A body cut into pieces of a size, none made before it is asked for. One thread.
final class Pieces implements Iterator<Pieces.Piece> {
    private final List<byte[]> parts;
    private final int size;
    private int part;
    private int position;

    Pieces(List<byte[]> parts, int size) {
        this.parts = parts;
        this.size = size;
    }

    /// Arrays one after the other.
    record Piece(List<byte[]> parts, int length) {}

    @Override
    public boolean hasNext() {
        return part < parts.size();
    }

    @Override
    public Piece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        var piece = new ArrayList<byte[]>();
        int length = 0;
        while (hasNext() && length < size) {
            var next = part(size - length);
            piece.add(next);
            length += next.length;
        }
        return new Piece(piece, length);
    }

    /// The next array, or as much of it as is wanted.
    private byte[] part(int most) {
        var current = parts.get(part);
        int count = Math.min(most, current.length - position);
        var next = count == current.length ? current : Arrays.copyOfRange(current, position, position + count);
        position += count;
        if (position == current.length) {
            part++;
            position = 0;
        }
        return next;
    }
}
