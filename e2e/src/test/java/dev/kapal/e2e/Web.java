package dev.kapal.e2e;

/// The stories' sample workload: a web server that answers with its version, from the BusyBox image.
final class Web {
    static final String IMAGE = "kapal.local/busybox:1";

    private Web() {}

    /// A Deployment named `web` that answers with `version` on port 8080. Its pods leave as well-behaved servers do:
    /// out of the Service first, then, on TERM, at once.
    static String deployment(int replicas, String version) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: {app: web}}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec:
                      containers:
                      - name: web
                        image: %s
                        env: [{name: VERSION, value: "%s"}]
                        command:
                        - sh
                        - -c
                        - |
                          mkdir -p /www && echo "$VERSION $HOSTNAME" > /www/index.html
                          trap 'exit 0' TERM
                          httpd -f -p 8080 -h /www & wait
                        ports: [{containerPort: 8080}]
                        readinessProbe: {httpGet: {path: /index.html, port: 8080}, periodSeconds: 1}
                        lifecycle: {preStop: {exec: {command: [sleep, "2"]}}}
                """.formatted(replicas, IMAGE, version);
    }

    static String service() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  selector: {app: web}
                  ports: [{port: 80, targetPort: 8080}]
                """;
    }

    /// A pod that stays until it is told to go, with a shell in it.
    static String shell(String name) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  containers:
                  - name: shell
                    image: %s
                    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done"]
                """.formatted(name, IMAGE);
    }
}
