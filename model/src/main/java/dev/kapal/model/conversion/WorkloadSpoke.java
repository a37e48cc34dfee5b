package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Workloads of the first versions: selector and labels that are not given are the template's labels.
class WorkloadSpoke implements Spoke {
    @Override
    public void toStored(ObjectNode document) {
        var labels = document.path("spec").path("template").path("metadata").path("labels");
        if (!(labels instanceof ObjectNode given) || given.isEmpty()) {
            return;
        }
        Fields.object(document, "spec")
                .filter(spec -> !spec.hasNonNull("selector"))
                .ifPresent(spec -> spec.putObject("selector").set("matchLabels", given.deepCopy()));
        Fields.object(document, "metadata")
                .filter(metadata -> metadata.path("labels").isEmpty())
                .ifPresent(metadata -> metadata.set("labels", given.deepCopy()));
    }

    @Override
    public void toServed(ObjectNode document) {}

    /// A Deployment also has `spec.rollbackTo`, which today is an annotation.
    static final class OfDeployment extends WorkloadSpoke {
        private static final String ROLLBACK = "deprecated.deployment.rollback.to";

        /// Whether one pod at a time is replaced unless something else is said; later it is a quarter of them.
        private final boolean oneByOne;

        OfDeployment(boolean oneByOne) {
            this.oneByOne = oneByOne;
        }

        @Override
        public void toStored(ObjectNode document) {
            super.toStored(document);
            Fields.object(document, "spec").ifPresent(spec -> {
                if (spec.remove("rollbackTo") instanceof ObjectNode rollback) {
                    Fields.annotate(
                            document,
                            ROLLBACK,
                            Long.toString(rollback.path("revision").asLong()));
                }
                if (oneByOne) {
                    Fields.object(spec, "strategy").ifPresent(OfDeployment::replaceOneByOne);
                }
            });
        }

        private static void replaceOneByOne(ObjectNode strategy) {
            if (strategy.path("type").asText().equals("RollingUpdate") && !strategy.hasNonNull("rollingUpdate")) {
                strategy.putObject("rollingUpdate").put("maxUnavailable", 1).put("maxSurge", 1);
            }
        }

        @Override
        public void toServed(ObjectNode document) {
            Fields.takeAnnotation(document, ROLLBACK)
                    .flatMap(WorkloadSpoke::number)
                    .ifPresent(revision -> Fields.object(document, "spec")
                            .ifPresent(spec -> spec.putObject("rollbackTo").put("revision", revision)));
        }
    }

    /// A DaemonSet also counts its templates, which today is an annotation.
    static final class OfDaemonSet extends WorkloadSpoke {
        private static final String GENERATION = "deprecated.daemonset.template.generation";

        @Override
        public void toStored(ObjectNode document) {
            super.toStored(document);
            Fields.object(document, "spec")
                    .map(spec -> spec.remove("templateGeneration"))
                    .ifPresent(count -> Fields.annotate(document, GENERATION, count.asText()));
        }

        @Override
        public void toServed(ObjectNode document) {
            Fields.takeAnnotation(document, GENERATION)
                    .flatMap(WorkloadSpoke::number)
                    .ifPresent(count ->
                            Fields.object(document, "spec").ifPresent(spec -> spec.put("templateGeneration", count)));
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException byHand) {
            return Optional.empty();
        }
    }
}
