/// What kind of place an address of the web is.
enum WebTarget {
    /// Hosts of services that a user has a key for, so that sending one there is what it is for.
    private static let services = [
        "huggingface.co", "hf.co", "wandb.ai", "openai.com", "anthropic.com", "cohere.ai", "cohere.com", "googleapis.com",
        "azure.com", "github.com",
        "githubusercontent.com", "gitlab.com", "amazonaws.com", "comet.com", "comet.ml", "neptune.ai", "kaggle.com",
        "replicate.com",
        "together.xyz", "together.ai", "mistral.ai", "groq.com", "deepseek.com", "pinecone.io", "stability.ai", "elevenlabs.io",
        "deepl.com",
        "modelscope.cn", "pypi.org", "serper.dev", "tavily.com", "openrouter.ai", "nvidia.com", "databricks.com",
        "cloudflare.com",
        "x.ai", "voyageai.com", "jina.ai", "perplexity.ai", "fireworks.ai", "assemblyai.com", "deepgram.com", "bing.com",
        "microsoft.com",
        "microsoftonline.com", "google.com", "aliyuncs.com", "baidubce.com", "zenodo.org", "clarifai.com", "roboflow.com",
        "civitai.com",
    ]
    private static let channels = [
        "discord.com/api/webhooks", "discordapp.com/api/webhooks", "api.telegram.org/bot", "webhook.site", "pastebin.com",
        "paste.ee", "hastebin.com",
        "transfer.sh", "file.io", "0x0.st", "ngrok.io", "ngrok-free.app", "ngrok.app", "trycloudflare.com", "requestbin",
        "pipedream.net",
        "burpcollaborator.net", "oastify.com", "interact.sh", "oast.fun", "oast.pro", "oast.live", "oast.site", "oast.me",
        "oast.online",
        "dnslog.cn", "ceye.io", "serveo.net", "localhost.run", "beeceptor.com", "anonfiles.com", "gofile.io", "canarytokens.com",
        "rentry.co",
        "ipinfo.io", "api.ipify.org", "ifconfig.me", "hookb.in", "termbin.com", "ix.io", "bashupload.com",
    ]
    /// Installers that many pages tell their readers to pipe into a shell.
    private static let installers = [
        "sh.rustup.rs", "hf.co/cli/install", "huggingface.co/cli/install", "rustup.rs", "get.docker.com",
        "raw.githubusercontent.com/homebrew/install", "install.python-poetry.org",
        "astral.sh/",
        "deb.nodesource.com", "rpm.nodesource.com", "bun.sh/install", "ollama.com/install.sh", "ollama.ai/install.sh",
        "get.pnpm.io", "pyenv.run",
        "raw.githubusercontent.com/nvm-sh/nvm", "repo.anaconda.com/", "repo.continuum.io/", "github.com/conda-forge/miniforge",
        "micro.mamba.pm",
        "bootstrap.pypa.io/", "sdk.cloud.google.com", "get.helm.sh", "raw.githubusercontent.com/helm/helm",
        "install.determinate.systems",
        "packagecloud.io/", "packages.microsoft.com/", "nvidia.github.io/", "developer.download.nvidia.com/", "cli.github.com/",
        "deno.land/",
        "get.modular.com", "sh.modular.com", "repo.mongodb.org", "packages.gitlab.com", "tailscale.com/install.sh",
        "julialang.org", "pixi.sh/install",
        "raw.githubusercontent.com/pyenv/", "nixos.org/nix/install", "get.sdkman.io", "raw.githubusercontent.com/ohmyzsh/",
        "dot.net/",
    ]

    /// Hosts that packages are installed from, and their mirrors.
    private static let packageHosts = [
        "pypi.org", "pythonhosted.org", "pytorch.org", "aliyun.com", "aliyuncs.com", "tuna.tsinghua.edu.cn", "douban.com",
        "douban.io", "ustc.edu.cn", "tencent.com", "tencentyun.com", "baidu.com", "huaweicloud.com", "sjtu.edu.cn", "bfsu.edu.cn",
        "gitee.com", "gitcode.net", "bitbucket.org", "nvidia.com", "intel.com", "amd.com", "radeon.com", "anaconda.org",
        "anaconda.com",
        "readthedocs.io", "github.io", "openmmlab.com", "pyg.org", "dgl.ai", "tensorflow.org", "apache.org", "python.org",
        "xformers.ai", "vllm.ai", "sourceforge.net", "jetson-ai-lab.dev", "jetson-ai-lab.io", "openxlab.org.cn",
        "paddlepaddle.org.cn", "apple.com",
    ]

    /// Whether packages from an address are as good as any.
    static func isPackageHost(_ address: String) -> Bool {
        guard let host = host(address) else { return false }
        return packageHosts.contains { host == $0 || host.hasSuffix("." + $0) } || isService(address)
    }

    /// Parts of the addresses of services that tell a machine in a data centre about itself, its keys among it.
    private static let metadata = [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "metadata.google.internal", "metadata.goog/", "/latest/meta-data",
        "/latest/user-data", "/latest/dynamic/instance-identity", "/latest/api/token", "/computemetadata/v1",
        "/metadata/instance",
        "/metadata/identity", "/opc/v1/instance", "/opc/v2/instance", "fd00:ec2::254", "/metadata/v1.json",
    ]

    static func isMetadata(_ address: String) -> Bool {
        let plain = address.lowercased()
        return metadata.contains { plain.contains($0) }
    }

    /// Whether an address of a metadata service is that of keys.
    static func isMetadataOfKeys(_ address: String) -> Bool {
        let plain = address.lowercased()
        return isMetadata(plain)
            && ["credential", "token", "user-data", "identity", "service-accounts"].contains { plain.contains($0) }
    }

    /// The host of an address, in lower case, without port and user.
    static func host(_ address: String) -> String? {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        var authority = address[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && !$0.isWhitespace }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if !authority.hasPrefix("["), let colon = authority.lastIndex(of: ":") { authority = authority[..<colon] }
        return authority.isEmpty ? nil : authority.lowercased()
    }

    static func isService(_ address: String) -> Bool {
        guard let host = host(address) else { return false }
        return services.contains { host == $0 || host.hasSuffix("." + $0) } || isLocal(host)
    }

    static func isLocal(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].contains(host) || host.hasPrefix("192.168.") || host.hasPrefix("10.")
    }

    /// Whether an address is one of the channels that stolen data leaves by.
    static func isChannel(_ address: String) -> Bool {
        let plain = address.lowercased()
        guard plain.contains("://") || plain.contains(".") else { return false }
        return channels.contains { channel in
            guard let range = plain.firstRange(of: channel) else { return false }
            // Not within another name: `notfile.io`.
            guard range.lowerBound > plain.startIndex else { return true }
            let before = plain[plain.index(before: range.lowerBound)]
            return before == "/" || before == "." || before == "@"
        }
    }

    /// Whether an address names a machine by its number, on the open network.
    static func isBareAddress(_ address: String) -> Bool {
        guard let host = host(address), !isLocal(host), !host.hasPrefix("172."), !host.hasPrefix("169.254.") else { return false }
        let parts = host.split(separator: ".")
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    static func isInstaller(_ address: String) -> Bool {
        let plain = address.lowercased()
        return installers.contains { plain.contains("://" + $0) || plain.contains("://www." + $0) || plain.hasPrefix($0) }
    }

    static func isAddress(_ text: String) -> Bool {
        ["http://", "https://", "ftp://", "ws://", "wss://"].contains { text.hasPrefix($0) }
    }
}
