package dev.kapal.controllers.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/// How many pods a rolling update may have above, and lack below, the wanted number. Both are zero for Recreate.
///
/// Percentages of surge round up, of unavailability down; when both come out as zero one pod may be missing, or nothing
/// could ever move. Source: Deployment documentation, "Rolling Update Deployment".
record Budget(int surge, int unavailable) {
    static Budget of(Deployment deployment) {
        int replicas = Facts.replicas(deployment);
        if (!Facts.isRolling(deployment)) {
            return new Budget(0, 0);
        }
        var rolling = deployment.getSpec().getStrategy().getRollingUpdate();
        int surge = rolling == null ? 0 : scaled(rolling.getMaxSurge(), replicas, true);
        int unavailable = rolling == null ? 0 : scaled(rolling.getMaxUnavailable(), replicas, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new Budget(surge, replicas == 0 ? 0 : Math.min(unavailable, replicas));
    }

    private static int scaled(IntOrString value, int total, boolean up) {
        if (value == null) {
            return 0;
        }
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        String text = value.getStrVal();
        if (!text.endsWith("%")) {
            return Integer.parseInt(text);
        }
        long percent = Long.parseLong(text.substring(0, text.length() - 1)) * total;
        return (int) (up ? Math.ceilDiv(percent, 100) : Math.floorDiv(percent, 100));
    }
}
