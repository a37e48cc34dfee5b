/// What stands in a pod's `/etc/resolv.conf`. Start at `ResolvConf`.
package dev.kapal.network.resolv;
