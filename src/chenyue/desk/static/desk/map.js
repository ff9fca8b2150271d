// The ground under the office's plan: tiles or a picture, with the buildings of the page on it.
const box = document.querySelector("#ground");
if (box && window.L) {
  const buildings = JSON.parse(box.dataset.buildings);
  const edges = box.dataset.bounds ? JSON.parse(box.dataset.bounds) : null;
  box.replaceChildren();
  box.classList.add("ground-on");
  const map = L.map(box, { attributionControl: true, zoomControl: true });
  map.attributionControl.setPrefix(false);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { maxZoom: 19 }).addTo(map);
    const credit = document.createElement("span");
    credit.textContent = box.dataset.credit;
    map.attributionControl.addAttribution(credit.innerHTML);
  }
  if (edges) L.imageOverlay(box.dataset.image, edges, { alt: box.dataset.alt }).addTo(map);
  const all = L.featureGroup();
  for (const one of buildings) {
    const look = { className: `s-${one.tone} ground-building`, weight: 2, fillOpacity: 0.85 };
    const shape = one.at.length > 2 ? L.polygon(one.at, look) : L.circleMarker(one.at[0], { ...look, radius: 12 });
    const says = document.createElement("span");
    says.textContent = one.says;
    if (one.mark) {
      const mark = document.createElement("span");
      mark.textContent = one.mark;
      shape.bindTooltip(mark, { permanent: true, direction: "center", className: "ground-mark" });
    }
    shape.bindPopup(says);
    shape.addTo(all);
  }
  all.addTo(map);
  const near = () => box.classList.toggle("ground-near", map.getZoom() >= 17); // farther off, marks would cover all
  map.on("zoomend", near);
  const around = edges ? L.latLngBounds(edges) : all.getBounds();
  if (around.isValid()) map.fitBounds(around.pad(0.05));
  near();
}
