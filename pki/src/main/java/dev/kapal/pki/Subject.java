package dev.kapal.pki;

import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// Whom a certificate or a request for one names: the common name is the user, the organizations are the groups.
/// Immutable.
public record Subject(String commonName, List<String> organizations) {
    public Subject {
        organizations = List.copyOf(organizations);
    }

    public static Subject of(X500Principal principal) {
        String name = "";
        var groups = new ArrayList<String>();
        try {
            var parts = new LdapName(principal.getName()).getRdns();
            for (var part : parts) { // the last comes first in the text, and the list turns it around again
                var attributes = part.toAttributes(); // Go puts several organizations into one part of the name
                name = values(attributes, "CN").stream().findFirst().orElse(name);
                groups.addAll(values(attributes, "O"));
            }
        } catch (NamingException unreadable) {
            throw new IllegalStateException(unreadable); // the JDK's own writing
        }
        return new Subject(name, groups);
    }

    private static List<String> values(Attributes attributes, String type) throws NamingException {
        var values = attributes.get(type);
        var found = new ArrayList<String>();
        for (int i = 0; values != null && i < values.size(); i++) {
            found.add(String.valueOf(values.get(i)));
        }
        return found;
    }
}
