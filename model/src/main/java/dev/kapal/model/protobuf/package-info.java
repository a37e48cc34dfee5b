/// Reads documents that clients send in protobuf. Start at [ProtobufDecoder]; the numbers of the fields are in
/// `messages.txt`, what the fields hold is in the schemas.
package dev.kapal.model.protobuf;
