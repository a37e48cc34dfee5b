/// Reads documents that clients send in protobuf. Start at [ProtobufDecoder].
package dev.kapal.model.protobuf;
