#pragma once
// Registry: the kinds of integrations, one row each, and how an entry of `integrations:` is read.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integrations/sink.hpp"
#include "schema/node.hpp"
#include "schema/reader.hpp"
#include "schema/shape.hpp"

namespace tocsin::integrations {

/// What a sink is made with beside its own settings.
struct SinkContext {
    std::string name;        // of the integration; read_integration fills it
    std::string public_url;  // without a slash at its end; empty: no link to ourselves
    std::string call_url;
};

/// A row of the registry.
struct IntegrationKind {
    std::string name;
    std::string help;  // one sentence for the reference page
    core::Reach reach = core::Reach::nobody;
    core::Address address = core::Address::none;  // reach person: what it needs of one
    bool can_page = false;
    int width = 1;
    std::optional<int> sends_per_minute = {};
    /// False: the settings are known and checked, but the adapter comes with a later version.
    bool available = true;
    /// The settings beside `name` and `kind`.
    std::function<schema::TableShape()> settings = {};
    /// Reads them; nullopt after having noted problems. A null sink when not available.
    std::function<std::optional<std::shared_ptr<const Sink>>(
        const schema::Node&, const schema::Reader&, const SinkContext&)>
        read = {};
};

/// All kinds, in the order of the reference page.
[[nodiscard]] std::vector<IntegrationKind> integration_kinds();

/// Reads one entry of `integrations:` (a map with `name`, `kind` and the kind's settings), noting
/// every problem; nullopt when there was one. A kind without its adapter is a warning, and its
/// Integration has a null `sink`: it can be named in `use:`, but nothing can be sent to it.
[[nodiscard]] std::optional<Integration> read_integration(const schema::Node& node,
                                                          const schema::Reader& reader,
                                                          SinkContext context);

/// What an entry may look like, for `tocsin schema config`.
[[nodiscard]] schema::Shape integration_shape();

}  // namespace tocsin::integrations
