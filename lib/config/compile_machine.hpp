#pragma once
// tocsin.yaml as written -> Config, Policy and Sources, with everything that is wrong in it.

#include <map>
#include <string>

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

}  // namespace tocsin::config
