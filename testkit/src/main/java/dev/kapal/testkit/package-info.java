/// Test doubles that every module may use. Nothing that is shipped depends on them.
package dev.kapal.testkit;
