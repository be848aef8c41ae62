use super::{Anchor, Caption, Drawing, WIDTH, wrapped};

/// Columns of the whole width.
const COLUMNS: f64 = 7.0;
const GAP: f64 = 3.0;
const LINE: f64 = 17.0;
const HEIGHT: f64 = 3.0 * LINE + 8.0;

/// A map made of equal tiles: each place as big as any other, roughly where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiles {
    pub caption: Caption,
    pub tiles: Vec<Tile>,
}

/// How dark a tile is. The figure stands in it, so that nothing depends on seeing the shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shade {
    /// Nothing to show: a broken edge.
    None,
    Low,
    Middle,
    High,
    /// All of what was wanted.
    Full,
    /// Belongs to another tile, which has the figure.
    Part,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// From the west, from the north; seven columns.
    pub column: u8,
    pub row: u8,
    pub label: String,
    pub figure: String,
    pub shade: Shade,
}

impl Shade {
    const fn class(self) -> &'static str {
        match self {
            Self::None => "tile tile-none",
            Self::Low => "tile tile-low",
            Self::Middle => "tile tile-middle",
            Self::High => "tile tile-high",
            Self::Full => "tile tile-full",
            Self::Part => "tile tile-part",
        }
    }

    /// Words on a dark tile are light.
    const fn ink(self) -> &'static str {
        if matches!(self, Self::High | Self::Full) { "on-tile " } else { "" }
    }
}

/// Each tile with its name and its figure. Safe HTML.
pub fn tile_map(map: &Tiles) -> String {
    let mut drawing = Drawing::new();
    let width = WIDTH / COLUMNS;
    let rows = map.tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(1);
    for tile in &map.tiles {
        let (x, y) = (f64::from(tile.column) * width, f64::from(tile.row) * (HEIGHT + GAP));
        drawing.rect(tile.shade.class(), x + 0.5, y + 0.5, width - GAP, HEIGHT);
        let middle = x + (width - GAP) / 2.0;
        let mut at = y;
        for line in wrapped(&tile.label, width).into_iter().take(2) {
            at += LINE;
            drawing.text(&format!("{}tile-name", tile.shade.ink()), (middle, at), Anchor::Middle, &line);
        }
        if !tile.figure.is_empty() {
            drawing.text(
                &format!("{}strong", tile.shade.ink()),
                (middle, y + 3.0 * LINE),
                Anchor::Middle,
                &tile.figure,
            );
        }
    }
    drawing.finish(&map.caption, f64::from(rows) * (HEIGHT + GAP))
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{assert_well_formed, caption, keep},
        *,
    };

    #[test]
    fn every_tile_has_its_name_and_figure() {
        let tile = |column, row, label: &str, figure: &str, shade| Tile {
            column,
            row,
            label: label.into(),
            figure: figure.into(),
            shade,
        };
        let map = Tiles {
            caption: caption(),
            tiles: vec![
                tile(3, 0, "Thái Nguyên", "87,5%", Shade::High),
                tile(4, 0, "Bắc <Giang>", "100%", Shade::Full),
                tile(0, 1, "Điện Biên", "12%", Shade::Low),
                tile(6, 1, "Hoàng Sa", "", Shade::Part),
                tile(1, 1, "Hồ Chí Minh", "–", Shade::None),
            ],
        };
        let svg = tile_map(&map);
        assert_well_formed(&svg);
        assert_eq!(svg.matches("class=\"tile ").count(), 5);
        assert!(
            svg.contains(">Thái</text>") && svg.contains(">87,5%</text>") && svg.contains("&lt;Giang&gt;"),
            "{svg}"
        );
        keep("tiles", &svg);
        assert_well_formed(&tile_map(&Tiles { caption: caption(), tiles: vec![] }));
    }
}
