#pragma once
// A file as a sink: one JSON line per delivery; works with no account anywhere, reaches nobody.

#include <memory>
#include <string>

#include "integrations/registry.hpp"
#include "schema/field.hpp"

namespace tocsin::integrations {

struct FileSettings {
    schema::Located<std::string> path;
};
[[nodiscard]] schema::Table<FileSettings> table_of(const FileSettings*);

[[nodiscard]] std::shared_ptr<const Sink> make_file(FileSettings settings, SinkContext context);
[[nodiscard]] IntegrationKind file_kind();

}  // namespace tocsin::integrations
