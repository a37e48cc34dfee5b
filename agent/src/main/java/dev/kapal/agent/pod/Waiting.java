package dev.kapal.agent.pod;

/// Why a container does not run although it should: upstream's reason, and the last failure's words.
record Waiting(String reason, String message) {
    static final String CRASH_LOOP = "CrashLoopBackOff";
    static final String CONFIG_ERROR = "CreateContainerConfigError";
    static final String CREATE_ERROR = "CreateContainerError";
    static final String RUN_ERROR = "RunContainerError";
    static final String POST_START_ERROR = "PostStartHookError";
}
