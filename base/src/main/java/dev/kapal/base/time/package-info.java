/// Time as a collaborator. Everything in Kapal that needs a clock gets a [Time] in its constructor;
/// start reading at [Time]. The test double is `FakeTime` in `testkit`.
package dev.kapal.base.time;
