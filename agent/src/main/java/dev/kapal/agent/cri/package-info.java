/// The container runtime as the node agent sees it: CRI v1, one blocking method per call.
///
/// Start reading at [dev.kapal.agent.cri.ContainerRuntime]. The messages are generated from
/// `src/main/protobuf/cri.proto`
/// into `dev.kapal.agent.cri.v1`; [dev.kapal.agent.cri.GrpcContainerRuntime] speaks to a real runtime, and
/// `FakeRuntime`
/// among the tests keeps everything in memory.
package dev.kapal.agent.cri;
