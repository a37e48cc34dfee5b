/// Stories that users live: the real launcher, real kubectl binaries, real containers. Start reading at [Cluster].
package dev.kapal.e2e;
