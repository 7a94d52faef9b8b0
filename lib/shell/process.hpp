#pragma once
// Process: what Linux tells about ourselves (/proc/self), as metrics, and how many files we may
// open.

#include <cstdint>
#include <string>

namespace tocsin::shell {

/// `process_cpu_seconds_total`, `process_open_fds`, … as Prometheus' client libraries name them;
/// what cannot be read is left out.
[[nodiscard]] std::string process_metrics();

/// RLIMIT_NOFILE, raised to its hard bound as far as possible.
std::uint64_t raise_descriptor_limit();

/// No core dump and no debugger may see our secrets; at most two malloc arenas (RssAnon).
void harden_process();

}  // namespace tocsin::shell
