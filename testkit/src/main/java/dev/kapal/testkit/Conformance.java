package dev.kapal.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says which behaviours of `behaviours.tsv` a test proves. On a class it holds for all tests in it.
///
/// A test whose behaviour depends on its data (one row for each kind) publishes the id instead:
/// `reporter.publishEntry(Conformance.ENTRY, id)` with JUnit's `TestReporter`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Conformance {
    /// The key under which a test publishes an id.
    String ENTRY = "conformance";

    /// Ids from the first column of `behaviours.tsv`.
    String[] value();
}
