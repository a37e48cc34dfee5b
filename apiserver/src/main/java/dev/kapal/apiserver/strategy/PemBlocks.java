package dev.kapal.apiserver.strategy;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The PEM blocks of a text as Go finds them: what stands between blocks means nothing, and so does what only looks
/// like
/// a block. Pure.
final class PemBlocks {
    static final String CERTIFICATE = "CERTIFICATE";

    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^-----BEGIN ([^\\n-]*)-----[ \\t]*\\r?\\n(.*?)^-----END \\1-----[ \\t]*\\r?$");

    private PemBlocks() {}

    /// @param content what the block holds; nothing when it has headers, with which no block is of use here
    record Block(String label, boolean hasHeaders, byte[] content) {}

    static List<Block> of(String text) {
        var found = new ArrayList<Block>();
        var blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            var body = blocks.group(2);
            if (body.contains(":")) {
                found.add(new Block(blocks.group(1), true, new byte[0]));
                continue;
            }
            try {
                found.add(new Block(blocks.group(1), false, Base64.getDecoder().decode(body.replaceAll("\\s", ""))));
            } catch (IllegalArgumentException noBlock) {
                continue;
            }
        }
        return found;
    }
}
