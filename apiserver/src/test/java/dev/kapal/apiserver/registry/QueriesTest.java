package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries that say what makes no sense, with upstream's answer to each.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private Api api;

    @BeforeAll
    void start() {
        api = Api.withDefaultNamespace();
        api.post(MAPS, "{metadata: {name: a}}").is(201);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "?limit=x | 400 | strconv.ParseInt: parsing \"x\": invalid syntax",
                "?limit=1.5 | 400 | strconv.ParseInt: parsing \"1.5\": invalid syntax",
                "?limit=99999999999999999999 | 400"
                        + " | strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
                "?timeoutSeconds=soon | 400 | strconv.ParseInt: parsing \"soon\": invalid syntax",
                "?watch=1&timeoutSeconds=soon | 400 | strconv.ParseInt: parsing \"soon\": invalid syntax",
                "?labelSelector=a%20in%20( | 400 |",
                "?labelSelector=-a | 400 |",
                "?fieldSelector=metadata.name | 400"
                        + " | invalid selector: 'metadata.name'; can't understand 'metadata.name'",
                "?fieldSelector=metadata.name%3Da%3Db | 400"
                        + " | invalid field selector: unescaped character in value: =",
                "?fieldSelector=data%3Da | 400"
                        + " | \"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
                "?resourceVersion=x | 400 | invalid resource version: resourceVersion: Invalid value: \"x\":"
                        + " strconv.ParseUint: parsing \"x\": invalid syntax",
                "?resourceVersion=-1 | 400 | invalid resource version: resourceVersion: Invalid value: \"-1\":"
                        + " strconv.ParseUint: parsing \"-1\": invalid syntax",
                "?resourceVersion=99999999999999999999 | 400 | invalid resource version: resourceVersion: Invalid value:"
                        + " \"99999999999999999999\": strconv.ParseUint: parsing \"99999999999999999999\":"
                        + " value out of range",
                "?watch=1&resourceVersion=x | 500 | resourceVersion: Invalid value: \"x\":"
                        + " strconv.ParseUint: parsing \"x\": invalid syntax",
                "/a?resourceVersion=x | 500 | resourceVersion: Invalid value: \"x\":"
                        + " strconv.ParseUint: parsing \"x\": invalid syntax",
                "?continue=a*b | 400"
                        + " | invalid continue token: continue key is not valid: illegal base64 data at input byte 1",
                "?continue=abcde | 400"
                        + " | invalid continue token: continue key is not valid: illegal base64 data at input byte 4",
                "?continue=e30&resourceVersionMatch=Exact&resourceVersion=1 | 422 | ListOptions.meta.k8s.io \"\" is invalid:"
                        + " resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided",
                "?resourceVersionMatch=Exact | 422 | ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch:"
                        + " Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
                "?resourceVersionMatch=Exact&resourceVersion=0 | 422 | ListOptions.meta.k8s.io \"\" is invalid:"
                        + " resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for"
                        + " resourceVersion \"0\"",
                "?resourceVersionMatch=About&resourceVersion=1 | 422 | ListOptions.meta.k8s.io \"\" is invalid:"
                        + " resourceVersionMatch: Unsupported value: \"About\": supported values: \"Exact\","
                        + " \"NotOlderThan\", \"\"",
                "?sendInitialEvents=false | 422 | ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden:"
                        + " sendInitialEvents is forbidden for list",
                "?watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=1 | 422 | ListOptions.meta.k8s.io \"\" is"
                        + " invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless"
                        + " sendInitialEvents is provided",
                "?watch=1&sendInitialEvents=true | 422 | ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch:"
                        + " Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
                "?watch=1&sendInitialEvents=true&resourceVersionMatch=Exact | 422 | ListOptions.meta.k8s.io \"\" is"
                        + " invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting"
                        + " resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: \"Exact\":"
                        + " supported values: \"NotOlderThan\"]",
                "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&continue=e30 | 422 |"
                        + " ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                        + " resourceVersionMatch is forbidden when continue is provided",
            })
    void areRefused(String query, int status, String message) {
        var refusal = api.get(MAPS + query).is(status);
        assertThat(refusal.at("kind")).isEqualTo("Status");
        assertThat(refusal.at("code")).isEqualTo(Integer.toString(status));
        assertThat(refusal.at("reason"))
                .isEqualTo(
                        switch (status) {
                            case 400 -> "BadRequest";
                            case 422 -> "Invalid";
                            default -> "";
                        });
        if (message != null) {
            assertThat(refusal.at("message")).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | server does not recognize this encoded version ",
                "[] | server does not recognize this encoded version ",
                "{\"v\":\"v9\"} | server does not recognize this encoded version v9",
                "{ | unexpected end of JSON input",
                "{\"v\":\"meta.k8s.io/v1\",\"start\":\"a\"}"
                        + " | incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1} | encoded start key empty (version meta.k8s.io/v1)",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"../secrets\"} | ../secrets",
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"a//b\"} | a//b",
            })
    void tokensThatAreNotOursAreRefused(String token, String why) {
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        assertThat(api.get(MAPS + "?continue=" + text).is(400).at("message").strip())
                .isEqualTo("invalid continue token: continue key is not valid: " + why.strip());
    }

    @Test
    void aTokenOfNoRevisionShowsTheNewest() {
        var token = "{\"v\":\"meta.k8s.io/v1\",\"rv\":-7,\"start\":\"a\"}";
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        assertThat(api.get(MAPS + "?continue=" + text).is(200).at("items.0.metadata.name"))
                .isEqualTo("a");
    }

    @Test
    void aTokenAndAVersionAreOneTooMany() {
        var token = "{\"v\":\"meta.k8s.io/v1\",\"rv\":1,\"start\":\"a\"}";
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        assertThat(api.get(MAPS + "?resourceVersion=5&continue=" + text).is(400).at("message"))
                .isEqualTo("specifying resource version is not allowed when using continue");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?limit=-1",
                "?limit=%2B1",
                "?limit=0",
                "?unheardOf=1",
                "?limit=&continue=&resourceVersion=&resourceVersionMatch=",
                "?pretty=maybe",
                "?%zz=1",
                "?limit=%zz",
                "?limit;=x",
                "?watch=false",
                "?allowWatchBookmarks=maybe",
                "?timeoutSeconds=9223372036854775807",
                "?labelSelector=&fieldSelector=",
            })
    void areTakenAsTheyCanBe(String query) {
        assertThat(api.get(MAPS + query).is(200).at("items.0.metadata.name")).isEqualTo("a");
    }

    @Test
    void aWatchForEverBegins() {
        try (var watch = api.watch(MAPS + "?watch=1&timeoutSeconds=9223372036854775807")) {
            assertThat(watch.brief()).isEqualTo("ADDED a");
        }
    }

    @Test
    void aVersionThatNobodyReachesIsTooLarge() {
        var refusal = api.get(MAPS + "?resourceVersion=18446744073709551615").is(504);
        assertThat(refusal.at("reason")).isEqualTo("Timeout");
        assertThat(refusal.at("message")).startsWith("Timeout: Too large resource version: ");
        assertThat(refusal.at("details.causes.0.reason")).isEqualTo("ResourceVersionTooLarge");
    }
}
