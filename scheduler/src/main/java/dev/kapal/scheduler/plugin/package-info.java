/// The plugins, one class each, named as upstream's. Which run and in which order stands in
/// [dev.kapal.scheduler.plugin.DefaultPlugins].
package dev.kapal.scheduler.plugin;
