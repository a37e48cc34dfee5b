package dev.kapal.agent.pod;

import dev.kapal.client.EventRecorder;
import io.fabric8.kubernetes.api.model.Pod;

/// Events of pods through the process' recorder, in the name of the kubelet as people look for it.
public final class RecordedEvents implements PodEvents {
    private static final String COMPONENT = "kubelet";

    private final EventRecorder recorder;

    public RecordedEvents(EventRecorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void normal(Pod pod, String fieldPath, String reason, String message) {
        record(pod, fieldPath, EventRecorder.Type.NORMAL, reason, message);
    }

    @Override
    public void warning(Pod pod, String fieldPath, String reason, String message) {
        record(pod, fieldPath, EventRecorder.Type.WARNING, reason, message);
    }

    private void record(Pod pod, String fieldPath, EventRecorder.Type type, String reason, String message) {
        var about = EventRecorder.reference(pod);
        if (!fieldPath.isEmpty()) {
            about.setFieldPath(fieldPath);
        }
        recorder.event(about, type, reason, message, COMPONENT);
    }
}
