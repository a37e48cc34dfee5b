/// The generic pipeline that serves every resource. Start at [Resources].
package dev.kapal.apiserver.registry;
