internal import ModelPackage

/// The files of the package's revision, and which of them lie here.
struct FilesSection {
    let page: PackagePage

    /// Rows of the table; whoever wants more asks the API.
    static let maximumRows = 1000

    /// Nil where the hub gave no list of files.
    var section: PageSection? {
        let files = page.package.files
        guard !files.isEmpty else { return nil }
        let body = Markup.build { markup in
            markup.element("p", ["class": "quiet"], text: summary)
            markup.scrollBox("Files") { markup in
                markup.element("table", ["class": "files"]) { markup in
                    head(&markup)
                    markup.element("tbody") { markup in
                        for file in files.prefix(Self.maximumRows) { row(file, &markup) }
                    }
                }
            }
            if files.count > Self.maximumRows { rest(files.count - Self.maximumRows, &markup) }
        }
        return PageSection(
            sectionID: "files", sectionTitle: "Files", sectionCount: Figures.short(Int64(files.count)), bodyHTML: body)
    }

    private var summary: String {
        let files = page.package.files
        let size = files.compactMap(\.size).reduce(Int64(0)) { $0.addingSaturated($1) }
        var text = Figures.count(Int64(files.count), "file")
        if size > 0 { text += ", \(Figures.bytes(size))" }
        if let held = page.held { text += "; \(Figures.grouped(Int64(held.paths.count))) of them here" }
        return text + "."
    }

    private func head(_ markup: inout Markup) {
        markup.element("thead") { markup in
            markup.element("tr") { markup in
                for name in ["Path", "Size", "Hash", "Here"] { markup.element("th", ["scope": "col"], text: name) }
            }
        }
    }

    private func row(_ file: PackageFile, _ markup: inout Markup) {
        markup.element("tr") { markup in
            markup.element("th", ["scope": "row", "class": "path"]) { path(file.path, isLFS: file.isLFS ?? false, &$0) }
            markup.element("td", ["class": "number"]) { markup in
                if let size = file.size { markup.append(.bytes(size)) }
            }
            markup.element("td") { hash(of: file, &$0) }
            markup.element("td") { state(of: file, &$0) }
        }
    }

    private func path(_ path: String, isLFS: Bool, _ markup: inout Markup) {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        if start > path.startIndex { markup.element("span", ["class": "owner"], text: String(path[..<start])) }
        markup.text(String(path[start...]))
        if isLFS {
            markup.text(" ")
            markup.element("abbr", ["class": "mark", "title": "Kept by Git LFS"], text: "LFS")
        }
    }

    /// The whole hash stands in the page, so that it can be selected; the style sheet shows its beginning.
    private func hash(of file: PackageFile, _ markup: inout Markup) {
        if let sha256 = file.sha256 {
            markup.element("code", ["class": "hash", "title": "SHA-256 \(sha256.hex)"], text: sha256.hex)
        } else if let id = file.gitObjectID {
            markup.element("code", ["class": "hash git", "title": "git \(id.hex)"], text: id.hex)
        }
    }

    private func state(of file: PackageFile, _ markup: inout Markup) {
        guard let held = page.held, held.paths.contains(file.path), let path = try? FilePath(file.path) else {
            return markup.element("span", ["class": "quiet"], text: "no")
        }
        let address = SiteLinks.file(path, of: page.package.id, at: held.commit)
        markup.element("a", ["href": address, "download": "", "aria-label": "Download \(file.path)"], text: "Download")
    }

    private func rest(_ count: Int, _ markup: inout Markup) {
        markup.element("p", ["class": "quiet"]) { markup in
            markup.text("\(Figures.count(Int64(count), "more file")) in the ")
            markup.append(.link("API’s answer", to: SiteLinks.packageAPI(page.package.id)))
            markup.text(".")
        }
    }
}
