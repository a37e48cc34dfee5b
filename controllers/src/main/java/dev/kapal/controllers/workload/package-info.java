/// What the controllers of pods share: facts about pods ([PodFacts]), selectors ([Selectors]), and who claims which
/// object ([Claims]).
package dev.kapal.controllers.workload;
