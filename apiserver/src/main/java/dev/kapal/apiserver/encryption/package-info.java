/// Encryption of what is stored. Start at [EncryptedStore], which stands between the server and its store: caches and
/// clients see plain objects, disks see none. [EncryptionConfig] says which resources are encrypted and how.
package dev.kapal.apiserver.encryption;
