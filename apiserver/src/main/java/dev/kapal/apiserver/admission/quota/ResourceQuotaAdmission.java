package dev.kapal.apiserver.admission.quota;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.admission.ObjectWriter;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.quota.Usage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Refuses what would exceed a quota of its namespace, and adds what it admits to the quota's `status.used` before the
/// object is written. What is written down for a write that then fails is put right by the quota controller. Any
/// thread.
///
/// Last of all plugins: nobody may refuse what was accounted for.
public final class ResourceQuotaAdmission implements AdmissionPlugin.Validating {
    static final GroupVersionResource QUOTAS = new GroupVersionResource("", "v1", "resourcequotas");

    private final ObjectReader objects;
    private final ObjectWriter writer;
    private final Time time;
    /// One ledger for each namespace that has quotas; they are small and few.
    private final Map<String, Ledger> ledgers = new ConcurrentHashMap<>();

    public ResourceQuotaAdmission(ObjectReader objects, ObjectWriter writer, Time time) {
        this.objects = objects;
        this.writer = writer;
        this.time = time;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!isCounted(request)) {
            return;
        }
        if (objects.list(QUOTAS, request.namespace()).isEmpty()) {
            ledgers.remove(request.namespace());
            return;
        }
        ledgers.computeIfAbsent(request.namespace(), name -> new Ledger(name, objects, writer, time))
                .charge(request);
    }

    private static boolean isCounted(AdmissionRequest request) {
        if (request.namespace().isEmpty() || request.isOf("", "namespaces") || isEvent(request)) {
            return false;
        }
        if (request.isOf("", "pods") && request.subresource().equals("resize")) {
            return request.isUpdate();
        }
        return request.subresource().isEmpty()
                && (request.isCreate()
                        || request.isUpdate()
                                && Usage.of(request.definition().groupResource())
                                        .changesWithUpdates());
    }

    private static boolean isEvent(AdmissionRequest request) {
        return request.isOf("", "events") || request.isOf("events.k8s.io", "events");
    }
}
