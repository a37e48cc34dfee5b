/// The rules of quotas and limit ranges. Start at [QuotaKinds].
package dev.kapal.apiserver.strategy.quota;
