/// Documents to bytes and back. Start at [DocumentDecoder] for what clients send and at [Documents] for what the server
/// writes; [FieldCheck] compares a document with its schema.
package dev.kapal.model.codec;
