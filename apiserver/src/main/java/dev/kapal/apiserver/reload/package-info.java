/// Configuration that may change while the server runs. See [ReloadedFile].
package dev.kapal.apiserver.reload;
