/// What may change or refuse a write between decoding and validation. Start at [Admission]; each plugin is one class.
package dev.kapal.apiserver.admission;
