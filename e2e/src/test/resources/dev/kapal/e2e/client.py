"""What programs do with the official Python client. Says what it saw, a line each."""
import sys

from kubernetes import client, config, watch

config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
apps = client.AppsV1Api()
namespace = "python"
core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=namespace)))

created = core.create_namespaced_config_map(
    namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="a", labels={"x": "y"}), data={"k": "1"})
)
stream = watch.Watch()
for event in stream.stream(core.list_namespaced_config_map, namespace, label_selector="x=y", timeout_seconds=30):
    print(event["type"], event["object"].metadata.name, event["object"].data)
    if event["type"] == "ADDED":
        core.patch_namespaced_config_map("a", namespace, {"data": {"k": "2"}})
    elif event["type"] == "MODIFIED":
        core.delete_namespaced_config_map("a", namespace)
    else:
        stream.stop()

labels = {"app": "web"}
apps.create_namespaced_deployment(
    namespace,
    client.V1Deployment(
        metadata=client.V1ObjectMeta(name="web"),
        spec=client.V1DeploymentSpec(
            selector=client.V1LabelSelector(match_labels=labels),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels=labels),
                spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="i:1")]),
            ),
        ),
    ),
)
apps.patch_namespaced_deployment_scale("web", namespace, {"spec": {"replicas": 3}})
print("replicas", apps.read_namespaced_deployment("web", namespace).spec.replicas)
try:
    core.read_namespaced_secret("none", namespace)
except client.exceptions.ApiException as refused:
    print("refused", refused.status, refused.reason)
