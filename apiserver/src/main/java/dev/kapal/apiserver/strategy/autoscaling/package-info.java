/// The rules of horizontal pod autoscalers. Start at [AutoscalingKinds].
package dev.kapal.apiserver.strategy.autoscaling;
