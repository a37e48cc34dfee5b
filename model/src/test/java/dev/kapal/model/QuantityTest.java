package dev.kapal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0Gi, 0",
        "1, 1",
        "100m, 100m",
        "0.1, 100m",
        "0.5, 500m",
        "1000m, 1",
        "1500m, 1500m",
        "1.5Gi, 1536Mi",
        "1024Mi, 1Gi",
        "1000Mi, 1000Mi",
        "512Ki, 512Ki",
        "1Ki, 1Ki",
        "0.5Ki, 512",
        "1.3Ki, 1331200m",
        "1000k, 1M",
        "129M, 129M",
        "128974848, 128974848",
        "1e3, 1e3",
        "1E3, 1e3",
        "12e6, 12e6",
        "1E, 1E",
        "1Ei, 1Ei",
        "+5, 5",
        "-5Mi, -5Mi",
        ".5, 500m",
        "5., 5",
        "0.0000000001, 1n",
        "1.0000000001, 1000000001n",
        "100u, 100u",
        "123456789123456789123456789, 9223372036854775807",
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "+", "abc", "1 ", "1.5.5", "1Gii5", "Gi", "1__0"})
    void refusesWhatIsNoQuantity(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ki", "1mi", "5KM", "1ee3"})
    void namesAnUnknownSuffix(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).hasMessageMatching("unable to parse quantity's suffix|quanti.*");
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 1", "100m, 100, 1", "1n, 1, 1", "1500m, 1500, 2", "1Gi, 1073741824000, 1073741824", "0, 0, 0"
    })
    void countsInThousandthsAndInWholeUnitsRoundedUp(String text, long milli, long whole) {
        assertThat(Quantity.parse(text).milliValue()).isEqualTo(milli);
        assertThat(Quantity.parse(text).value()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e-999999999", "1E100"})
    void survivesAbsurdExponents(String text) {
        assertThat(Quantity.parse(text).value()).isPositive();
    }

    @Property
    void theCanonicalFormMeansTheSame(@ForAll @BigRange(min = "-1e15", max = "1e15") @Scale(9) BigDecimal amount) {
        for (var format : Quantity.Format.values()) {
            var quantity = new Quantity(amount, format);
            assertThat(Quantity.parse(quantity.toString())).isEqualByComparingTo(quantity);
        }
    }

    @Property
    void writingIsStable(@ForAll @BigRange(min = "-1e15", max = "1e15") @Scale(3) BigDecimal amount) {
        for (var format : Quantity.Format.values()) {
            var once = new Quantity(amount, format).toString();
            assertThat(Quantity.parse(once)).hasToString(once);
        }
    }

    @Property
    void addsAndSubtracts(@ForAll int a, @ForAll int b) {
        var left = Quantity.parse(a + "m");
        var right = Quantity.parse(b + "m");
        assertThat(left.add(right).subtract(right)).isEqualByComparingTo(left);
    }
}
