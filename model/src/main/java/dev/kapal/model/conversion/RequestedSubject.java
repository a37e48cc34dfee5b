package dev.kapal.model.conversion;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Who a certificate request (PKCS #10, RFC 2986) is for, as far as defaults need it. What cannot be read is for
/// nobody; validation says what is wrong with it.
record RequestedSubject(List<String> organizations, List<String> commonNames, boolean hasAlternativeNames) {
    private static final RequestedSubject NOBODY = new RequestedSubject(List.of(), List.of(), false);
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN CERTIFICATE REQUEST-----(.*?)-----END CERTIFICATE REQUEST-----", Pattern.DOTALL);
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte[] ORGANIZATION = {0x55, 4, 10};
    private static final byte[] ALTERNATIVE_NAMES = {6, 3, 0x55, 0x1d, 0x11};
    private static final int SET = 0x31;

    /// @param request base64 of a PEM block, as documents carry it
    static RequestedSubject of(String request) {
        try {
            var pem = new String(Base64.getDecoder().decode(request), StandardCharsets.US_ASCII);
            var block = PEM.matcher(pem);
            return block.find() ? read(Base64.getMimeDecoder().decode(block.group(1))) : NOBODY;
        } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
            return NOBODY;
        }
    }

    boolean isNode() {
        return organizations.equals(List.of("system:nodes"))
                && commonNames.size() == 1
                && commonNames.getFirst().startsWith("system:node:");
    }

    /// request ::= SEQUENCE { info ::= SEQUENCE { version, subject, key, attributes }, … }
    private static RequestedSubject read(byte[] der) {
        var info = children(children(der).getFirst().content()).getFirst();
        var parts = children(info.content());
        var organizations = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (var set : children(parts.get(1).content())) {
            for (var attribute : set.tag() == SET ? children(set.content()) : List.<Element>of()) {
                var pair = children(attribute.content());
                var text = new String(pair.get(1).content(), StandardCharsets.UTF_8);
                if (Arrays.equals(pair.get(0).content(), ORGANIZATION)) {
                    organizations.add(text);
                } else if (Arrays.equals(pair.get(0).content(), COMMON_NAME)) {
                    names.add(text);
                }
            }
        }
        boolean alternatives = parts.size() > 3 && contains(parts.get(3).content(), ALTERNATIVE_NAMES);
        return new RequestedSubject(organizations, names, alternatives);
    }

    private record Element(int tag, byte[] content) {}

    private static List<Element> children(byte[] der) {
        var elements = new ArrayList<Element>();
        int at = 0;
        while (at < der.length) {
            int tag = der[at++] & 0xff;
            int length = der[at++] & 0xff;
            if (length > 0x80) {
                int bytes = length - 0x80;
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = length << 8 | der[at++] & 0xff;
                }
            }
            if (length < 0 || length > der.length - at) {
                throw new IllegalArgumentException("an element is longer than what holds it");
            }
            elements.add(new Element(tag, Arrays.copyOfRange(der, at, at + length)));
            at += length;
        }
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("nothing in it");
        }
        return elements;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
