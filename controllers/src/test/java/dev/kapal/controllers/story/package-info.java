/// All controllers together on a real API server in memory: what people see when they change things. Start at [Town].
package dev.kapal.controllers.story;
