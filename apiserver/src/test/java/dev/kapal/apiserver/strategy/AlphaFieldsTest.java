package dev.kapal.apiserver.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What objects keep that had it when it was switched on.
class AlphaFieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'spec':{'hostnameOverride':'h','containers':[]}}",
                "{'spec':{'volumes':[{'name':'v','projected':{'sources':[{'podCertificate':{}}]}}]}}",
                "{'spec':{'volumes':[{'name':'v','image':{'reference':'r'}}],"
                        + "'containers':[{'name':'c','volumeMounts':[{'name':'v'}]}]}}",
                "{'spec':{'initContainers':[{'name':'c','env':[{'name':'A','valueFrom':{'fileKeyRef':{}}}]}]}}",
                "{'spec':{'containers':[{'name':'c','lifecycle':{'stopSignal':'SIGHUP'}}]}}",
                "{'spec':{'containers':[{'name':'c','restartPolicy':'Never'}]}}",
                "{'spec':{'initContainers':[{'name':'c','restartPolicy':'Never','restartPolicyRules':[{}]}]}}",
            })
    void keepsWhatTheObjectHadBefore(String text) {
        var updated = pod(text);
        AlphaFields.drop(updated, pod(text));
        assertThat(updated).isEqualTo(pod(text));

        var created = pod(text);
        AlphaFields.drop(created);
        assertThat(created).isNotEqualTo(pod(text));
    }

    private static ObjectNode pod(String text) {
        return Documents.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
