/// `/healthz`, `/livez` and `/readyz`: named checks, each a page of its own. Start at [HealthPages].
package dev.kapal.apiserver.health;
