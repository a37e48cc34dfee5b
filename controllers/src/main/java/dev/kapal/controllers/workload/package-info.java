/// What the controllers of pods share: facts about pods ([PodFacts]), selectors ([Selectors]), who claims which
/// object ([Claims]), and what keeps one from going ([Finalizers]).
package dev.kapal.controllers.workload;
