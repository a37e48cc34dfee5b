/// Images: how they are made without a registry, how they come onto the node, and when they are pulled.
///
/// [dev.kapal.agent.image.Images] is what pod workers ask. [dev.kapal.agent.image.ImageBuilder] writes an image as an
/// archive from a [dev.kapal.agent.image.Layer]; `PauseImage`, `BusyboxImage`, `DebianImage` and `JavaImage` are
/// recipes
/// over it, and [dev.kapal.agent.image.ImageImport] hands archives to containerd.
package dev.kapal.agent.image;
