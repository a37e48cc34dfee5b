package dev.kapal.apiserver.cache;

import java.util.Optional;
import java.util.function.Predicate;

/// An immutable sorted map: each change makes a new tree that shares all but one path with the old one, so every past
/// state stays readable for the price of a few nodes. Balanced by height (AVL). Any thread.
public final class SortedTree<V> {
    private static final SortedTree<?> EMPTY = new SortedTree<>(null);

    private final Node<V> root;

    private SortedTree(Node<V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // holds no value
    public static <V> SortedTree<V> empty() {
        return (SortedTree<V>) EMPTY;
    }

    public int size() {
        return size(root);
    }

    public Optional<V> find(String key) {
        var node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return Optional.of(node.value);
            }
            node = order < 0 ? node.left : node.right;
        }
        return Optional.empty();
    }

    public SortedTree<V> with(String key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    public SortedTree<V> without(String key) {
        return find(key).isEmpty() ? this : new SortedTree<>(remove(root, key));
    }

    /// Visits the values of the keys from `from` (inclusive) to `to` (exclusive; empty: to the end) in order, until
    /// `visitor` answers false.
    public void visit(String from, String to, Predicate<V> visitor) {
        visit(root, from, to, visitor);
    }

    /// How many keys there are from `from` (inclusive) to `to` (exclusive; empty: to the end).
    public int count(String from, String to) {
        return (to.isEmpty() ? size() : before(to)) - before(from);
    }

    private int before(String key) {
        int count = 0;
        var node = root;
        while (node != null) {
            if (node.key.compareTo(key) < 0) {
                count += size(node.left) + 1;
                node = node.right;
            } else {
                node = node.left;
            }
        }
        return count;
    }

    private static <V> boolean visit(Node<V> node, String from, String to, Predicate<V> visitor) {
        if (node == null) {
            return true;
        }
        boolean afterFrom = node.key.compareTo(from) >= 0;
        boolean beforeTo = to.isEmpty() || node.key.compareTo(to) < 0;
        if (afterFrom && !visit(node.left, from, to, visitor)) {
            return false;
        }
        if (afterFrom && beforeTo && !visitor.test(node.value)) {
            return false;
        }
        return !beforeTo || visit(node.right, from, to, visitor);
    }

    private static <V> Node<V> put(Node<V> node, String key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node.key, node.value, put(node.left, key, value), node.right)
                : balanced(node.key, node.value, node.left, put(node.right, key, value));
    }

    private static <V> Node<V> remove(Node<V> node, String key) {
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node.key, node.value, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node.key, node.value, node.left, remove(node.right, key));
        }
        if (node.left == null) {
            return node.right;
        }
        if (node.right == null) {
            return node.left;
        }
        var heir = node.right;
        while (heir.left != null) {
            heir = heir.left;
        }
        return balanced(heir.key, heir.value, node.left, remove(node.right, heir.key));
    }

    private static <V> Node<V> balanced(String key, V value, Node<V> left, Node<V> right) {
        int lean = height(left) - height(right);
        if (lean > 1) {
            var inner = left.right;
            return height(left.left) >= height(inner)
                    ? new Node<>(left.key, left.value, left.left, new Node<>(key, value, inner, right))
                    : new Node<>(
                            inner.key,
                            inner.value,
                            new Node<>(left.key, left.value, left.left, inner.left),
                            new Node<>(key, value, inner.right, right));
        }
        if (lean < -1) {
            var inner = right.left;
            return height(right.right) >= height(inner)
                    ? new Node<>(right.key, right.value, new Node<>(key, value, left, inner), right.right)
                    : new Node<>(
                            inner.key,
                            inner.value,
                            new Node<>(key, value, left, inner.left),
                            new Node<>(right.key, right.value, inner.right, right.right));
        }
        return new Node<>(key, value, left, right);
    }

    private static int height(Node<?> node) {
        return node == null ? 0 : node.height;
    }

    private static int size(Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static final class Node<V> {
        final String key;
        final V value;
        final Node<V> left;
        final Node<V> right;
        final int height;
        final int size;

        Node(String key, V value, Node<V> left, Node<V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.height = Math.max(SortedTree.height(left), SortedTree.height(right)) + 1;
            this.size = SortedTree.size(left) + SortedTree.size(right) + 1;
        }
    }
}
