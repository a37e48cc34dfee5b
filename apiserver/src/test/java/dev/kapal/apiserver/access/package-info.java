/// Servers beside the API server that help to decide, and what happens when they are down.
package dev.kapal.apiserver.access;
