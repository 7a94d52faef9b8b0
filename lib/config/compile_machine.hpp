#pragma once
// tocsin.yaml as written -> Config, Policy and Sources, with everything that is wrong in it.

#include <map>
#include <string>
#include <vector>

#include "config/machine_file.hpp"
#include "core/ruleset.hpp"

namespace tocsin::config {

struct Machine {
    Config config;
    core::Policy policy;
    std::map<std::string, core::Source> sources;
};

/// `folder` is the config file's, for relative paths. What is wrong is noted; the rest is there.
[[nodiscard]] Machine compile_machine(const MachineFile& file, const std::string& folder,
                                      const schema::Reader& reader);

/// Integrations, `use:` and the defaults of both.
void compile_integrations(const MachineFile& file, const schema::Reader& reader, Machine& machine);

/// `sources:`, with the names that tokens bind senders to.
void compile_sources(const MachineFile& file, const schema::Reader& reader, Machine& machine);

/// When each source counts as silent, once the rules are known: as configured, else five minutes,
/// but never before two of its polls had the time to fail. What nobody asks is never silent.
void settle_silence(std::vector<Source>& sources, const std::vector<core::Rule>& rules);

}  // namespace tocsin::config
