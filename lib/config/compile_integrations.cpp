// Compiles `integrations:` and `use:`, with the embedded default: one file that takes everything.
#include <algorithm>

#include "base/text.hpp"
#include "config/compile_machine.hpp"
#include "integrations/registry.hpp"

namespace tocsin::config {
namespace {

using integrations::Integration;
using NameList = std::vector<Located<std::string>>;

/// The embedded default, written as a user would write it.
schema::Node default_integration(const std::string& data_dir) {
    const auto text = [](std::string value) {
        return schema::Node{.kind = schema::Kind::string, .text = std::move(value)};
    };
    schema::Node node{.kind = schema::Kind::map};
    node.entries.push_back({.key = "name", .at = {}, .value = text("log")});
    node.entries.push_back({.key = "kind", .at = {}, .value = text("file")});
    node.entries.push_back(
        {.key = "path", .at = {}, .value = text(data_dir + "/deliveries.jsonl")});
    return node;
}

class IntegrationsCompiler {
public:
    IntegrationsCompiler(const MachineFile& file, const schema::Reader& reader, Machine& machine)
        : file_(file), reader_(reader), machine_(machine) {}

    void compile() {
        if (file_.integrations) {
            for (const schema::Node& node : file_.integrations->nodes) add(node);
        } else {
            add(default_integration(machine_.config.data_dir));
        }
        compile_page();
        compile_others();
        warn_if_nobody_is_reached();
    }

private:
    [[nodiscard]] std::vector<Integration>& all() { return machine_.config.integrations; }

    void add(const schema::Node& node) {
        std::optional<Integration> integration =
            integrations::read_integration(node, reader_,
                                           {.name = {},
                                            .public_url = machine_.policy.public_url,
                                            .call_url = machine_.policy.call_url});
        if (!integration) {
            // It has been reported; `use` may name it all the same.
            const schema::Node* name = node.find("name");
            if (name != nullptr && name->is_scalar()) broken_.push_back(name->text);
            return;
        }
        if (find(integration->name) != nullptr) {
            reader_.error(node.at, "the integration `" + integration->name + "` stands here twice");
            return;
        }
        all().push_back(std::move(*integration));
    }

    const Integration* find(const std::string& name) {
        for (const Integration& one : all()) {
            if (one.name == name) return &one;
        }
        return nullptr;
    }

    /// Also says what is wrong with the name; null when it is unknown or broken.
    const Integration* named(const Located<std::string>& name) {
        const Integration* found = find(name.value);
        if (found != nullptr) return found;
        if (std::find(broken_.begin(), broken_.end(), name.value) != broken_.end()) return nullptr;
        std::vector<std::string> names = broken_;
        for (const Integration& one : all()) names.push_back(one.name);
        schema::unknown_name(name.at, "integration", name.value, names, reader_);
        return nullptr;
    }

    void compile_page() {
        if (!file_.use.page) {
            for (const Integration& one : all()) {
                const bool usable = one.can_page && one.sink != nullptr;
                if (usable) put(one);
            }
            return;
        }
        for (const Located<std::string>& name : *file_.use.page) {
            const Integration* one = named(name);
            if (one == nullptr) continue;
            if (!one->can_page) {
                reader_.error(name.at, "`" + one->name + "` (" + one->kind + ") cannot page");
            } else if (one->sink == nullptr) {
                reader_.warning(name.at, "`" + one->name + "` (" + one->kind +
                                             ") does not page yet: it is left out");
            } else if (!put(*one)) {
                reader_.error(name.at, "`" + one->name + "` stands here twice");
            }
        }
    }

    bool put(const Integration& one) {
        for (const core::Pager& pager : machine_.policy.pagers) {
            if (pager.integration == one.name) return false;
        }
        machine_.policy.pagers.push_back({.integration = one.name,
                                          .reach = one.reach,
                                          .address = one.address,
                                          .can_confirm = one.can_confirm});
        return true;
    }

    void compile_others() {
        if (file_.use.announce) {
            for (const Located<std::string>& name : *file_.use.announce) {
                const Integration* one = named(name);
                if (one != nullptr && one->sink != nullptr) {
                    machine_.policy.announce.push_back(one->name);
                }
            }
        } else if (!file_.integrations) {
            machine_.policy.announce.emplace_back("log");
        }
        Use& use = machine_.config.use;
        for (const Located<std::string>& name : file_.use.declare) {
            if (named(name) != nullptr) use.declare.push_back(name.value);
            not_yet(name, "use.declare");
        }
        use.status_page =
            single(file_.use.status_page, "use.status_page", machine_.policy.status_page);
        use.banner = single(file_.use.banner, "use.banner", machine_.policy.banner);
    }

    /// The name, also as the policy's once there is an adapter behind it.
    std::string single(const Located<std::string>& name, const std::string& key,
                       std::string& policy) {
        if (!name.given) return {};
        const Integration* one = named(name);
        if (one == nullptr) return {};
        if (one->sink == nullptr) {
            not_yet(name, key);
        } else {
            policy = one->name;
        }
        return one->name;
    }

    void not_yet(const Located<std::string>& name, const std::string& key) {
        reader_.warning(name.at, "`" + key + "` is not acted upon yet");
    }

    void warn_if_nobody_is_reached() {
        const auto& pagers = machine_.policy.pagers;
        const bool reached = std::any_of(pagers.begin(), pagers.end(), [](const core::Pager& one) {
            return one.reach != core::Reach::nobody;
        });
        if (reached) return;
        const Position at =
            file_.use.page && !file_.use.page->empty() ? file_.use.page->front().at : Position{};
        reader_.warning(at, "no pager can reach a person: incidents will wake nobody",
                        "add an integration such as `kind: pagerduty` and name it in `use.page`");
    }

    const MachineFile& file_;
    const schema::Reader& reader_;
    Machine& machine_;
    std::vector<std::string> broken_;
};

}  // namespace

void compile_integrations(const MachineFile& file, const schema::Reader& reader, Machine& machine) {
    IntegrationsCompiler(file, reader, machine).compile();
}

}  // namespace tocsin::config
