/// Holds namespaces to their ResourceQuotas, exactly however many write at once. Start at [ResourceQuotaAdmission].
package dev.kapal.apiserver.admission.quota;
