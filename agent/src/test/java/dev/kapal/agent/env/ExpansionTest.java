package dev.kapal.agent.env;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
    private static final Map<String, String> VARIABLES = Map.of("A", "a", "B", "$(A)", "EMPTY", "");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain           | plain
            $(A)            | a
            x$(A)y          | xay
            $(B)            | $(A)
            [$(EMPTY)]      | []
            $(UNKNOWN)      | $(UNKNOWN)
            $$(A)           | $(A)
            $$$(A)          | $a
            $$$$(A)         | $$(A)
            $(A             | $(A
            $A              | $A
            $               | $
            a$              | a$
            $$              | $
            $()             | $()
            $(A)$(A)        | aa
            ($(A))          | (a)
            """)
    void expandsAsUpstreamDoes(String text, String expected) {
        assertThat(Expansion.expand(text, VARIABLES)).isEqualTo(expected);
    }
}
