/// What the API server serves, for controllers that look after all kinds of objects. Start at [ServedResources].
package dev.kapal.controllers.discovery;
