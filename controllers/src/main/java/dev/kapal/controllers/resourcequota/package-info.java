/// Counts what namespaces use and writes it into their ResourceQuotas. Start at [QuotaController].
package dev.kapal.controllers.resourcequota;
