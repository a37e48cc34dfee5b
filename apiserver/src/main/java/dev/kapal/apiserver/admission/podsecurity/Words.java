package dev.kapal.apiserver.admission.podsecurity;

import java.util.Collection;
import java.util.stream.Collectors;

/// How violations are worded.
final class Words {
    private Words() {}

    /// `"a", "b"`.
    static String quoted(Collection<String> names) {
        return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }

    /// `container "a"`, `containers "a", "b"`.
    static String containers(Collection<String> names) {
        return number("container", names) + " " + quoted(names);
    }

    /// The word, in the plural when there is not exactly one.
    static String number(String word, Collection<?> of) {
        return of.size() == 1 ? word : word + "s";
    }
}
